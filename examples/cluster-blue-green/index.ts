import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClusterHandover, parseHandover } from "changeover";

const handover = parseHandover(new pulumi.Config("changeover").requireObject("handover"));
if (handover.ok === false)
  throw new pulumi.RunError(
    handover.problems.map(({ path, message, fix }) => `${path}: ${message}; ${fix}`).join("\n"),
  );

const config = new pulumi.Config();
const zoneId = config.require("zoneId");
const name = config.require("host");
const balancers = config.requireObject<{ blue: string; green: string }>("balancers");

/** Two records of one name. Route 53 answers with each as often as its weight says; the TTL is how long clients keep it. */
const record = (
  side: "blue" | "green",
  weight: number,
  options: pulumi.CustomResourceOptions,
): aws.route53.Record =>
  new aws.route53.Record(
    side,
    {
      zoneId,
      name,
      type: "CNAME",
      ttl: 60,
      records: [balancers[side]],
      setIdentifier: side,
      weightedRoutingPolicies: [{ weight }],
    },
    options,
  );

export const { weights } = new ClusterHandover(handover.value, {
  route: ({ blue, green }, options) => [record("blue", blue, options), record("green", green, options)],
});
