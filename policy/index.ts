import { PolicyPack } from "@pulumi/policy";
import { STANDARD } from "./packs";

/** The only place where a pack is made: making one starts a server. */
new PolicyPack("changeover", {
  displayName: "changeover",
  description: "What must hold of every change to a cluster that changeover manages",
  enforcementLevel: "mandatory",
  policies: [...STANDARD],
});
