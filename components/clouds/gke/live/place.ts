import type { ConnectionRecipe } from "../../../../core/config/connection";
import type { Problem } from "../../../../core/problem";
import { otherRegion } from "../../shared/live/regions";
import { ask } from "./call";
import { BASE, send } from "./client";

interface Page {
  readonly items?: readonly { readonly name?: string }[];
}

/** Of a location that it does not have GKE says so for whatever is asked there; Compute Engine tells which there are. */
export const checkPlace = async (
  { region = "", project = "" }: ConnectionRecipe,
  signal: AbortSignal,
): Promise<readonly Problem[]> => {
  const { items = [] } = await ask({ permission: "compute.regions.list", on: `project ${project}` }, () =>
    send<Page>({ method: "GET", url: `${BASE.compute()}projects/${project}/regions`, signal }),
  );
  return judgeRegion(
    region,
    items.flatMap(({ name }) => name ?? []),
  );
};

/** One page holds all regions there are (500 at most): compute/docs/reference/rest/v1/regions/list. */
export const judgeRegion = (wanted: string, regions: readonly string[]): readonly Problem[] =>
  regions.length === 0 || regions.includes(wanted)
    ? []
    : [
        {
          code: "Gke.RegionUnknown",
          path: "cluster.region",
          message: `found "${wanted}"; Google Cloud has no such region for this project`,
          fix: otherRegion(wanted, regions, "`gcloud compute regions list`"),
          source: "https://docs.cloud.google.com/compute/docs/regions-zones",
        },
      ];
