import { z } from "zod";
import { closed } from "./closed";
import { duration } from "./duration";
import { name } from "./labelText";
import { refuseValue } from "./refusal";

const jobSchema = closed({
  name: name(20).describe("Part of the Job's name."),
  namespace: name(63).default("default"),
  image: z.string().min(1),
  command: z.array(z.string().min(1)).min(1),
  annotations: z.record(z.string(), z.string()).optional().describe("Annotations of the Job's pods."),
  timeout: duration().default(600),
}).transform(({ timeout, ...job }) => ({ ...job, timeoutSeconds: timeout }));

/** `changeover:validation`: Jobs that must succeed after workloads moved and before the old generation goes. */
export const validationSchema = closed({
  jobs: z
    .array(jobSchema)
    .default([])
    .superRefine((jobs, context) => {
      jobs.forEach((job, index) => {
        if (jobs.findIndex(({ name: other }) => other === job.name) === index) return;
        const message = `found "${job.name}" twice; each Job needs its own name`;
        refuseValue(context, { code: "Config.Duplicate", message, fix: "rename one of them" }, [
          index,
          "name",
        ]);
      });
    }),
});

export type ValidationSpec = Readonly<z.output<typeof validationSchema>>;
