import { z } from "zod";
import { closed } from "./closed";
import { refuseValue } from "./refusal";

/** `namespace/name`, safe as a word of a command. */
const WORKLOAD = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/;

/** What of a workload may be passed over when its pods have to leave: each is a protection that stops a drain. */
const PROTECTIONS = ["budget", "localData", "noController"] as const;

/** Pulumi reads a day without quotes as a time, and hands it over as Go prints one. */
const UNQUOTED = / 00:00:00 \+0000 UTC$/;

export type Protection = (typeof PROTECTIONS)[number];

/** `cluster.kubeadm.acceptedOutage`: workloads of a control-plane machine may be away while it is upgraded in place. */
export const acceptedOutageSchema = closed({
  until: z
    .string()
    .transform(found => found.replace(UNQUOTED, ""))
    .pipe(z.iso.date({ error: 'needs a day such as "2026-12-18"' }))
    .describe("Last day (UTC) on which it counts; later it is refused as if it were not there."),
  reason: z.string().min(1).describe("Why it may be; said wherever the outage is told of."),
  disregard: z
    .record(z.string(), z.array(z.enum(PROTECTIONS)).min(1))
    .default({})
    .describe(
      "Workload, as namespace/name → what may be passed over for it: budget (its PodDisruptionBudget is outlived), localData (its emptyDir is lost), noController (nobody makes the pod again). Its pods are then deleted instead of evicted.",
    ),
}).superRefine(({ disregard }, context) => {
  for (const workload of Object.keys(disregard)) {
    if (WORKLOAD.test(workload)) continue;
    const message = `found "${workload}"; a workload is written as namespace/name, such as shop/web`;
    refuseValue(context, { code: "Config.Shape", message, fix: "write namespace and name" }, [
      "disregard",
      workload,
    ]);
  }
});

export type AcceptedOutage = Readonly<z.output<typeof acceptedOutageSchema>>;
