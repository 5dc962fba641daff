import { type Asked, Silence } from "../http";
import type { AwsContext } from "./context";
import { refuseBy } from "./rules";

type Here = Pick<AwsContext, "world">;
type Call = Pick<Asked, "headers">;

/** Each call is signed for a region, whose own address it would have gone to: a stand-in has one address for all. */
const regionOf = ({ headers: { authorization = "" } }: Call): string | undefined =>
  /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1];

/** @throws where no address would answer. */
export const mustHaveAddress = ({ world }: Here, call: Call): void => {
  const region = regionOf(call);
  if (region !== undefined && !world.regions.has(region)) throw new Silence(region);
};

export const checkEnabled = ({ world }: Here, call: Call): void => {
  if (world.regions.get(regionOf(call) ?? "") !== "not-opted-in") return;
  refuseBy(
    "regionEnabled",
    "UnrecognizedClientException",
    "The security token included in the request is invalid",
  );
};
