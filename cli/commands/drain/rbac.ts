import { Command } from "commander";
import type { MoreRights } from "../../../core/drain/rbac";
import { describeRbac, type RbacFlags, readSubjects } from "./rbacYaml";

/** `changeover drain rbac`: the rights a drain needs, ready to apply. */
export const rbacCommand = (): Command =>
  new Command("rbac")
    .description("print the least rights a drain needs, ready for `kubectl apply -f -`; asks no server")
    .option("--user <name>", "give them to this user")
    .option("--group <name>", "give them to this group")
    .option(
      "--serviceaccount <namespace:name>",
      "give them to this service account (default: one that is made for it)",
    )
    .option("--ladder", "with those that the ladder for blocked workloads needs, deleting pods among them")
    .option("--delete-empty-nodes", "with the right to delete Node objects, for the flag of that name")
    .action(
      (flags: RbacFlags & MoreRights) => void process.stdout.write(describeRbac(readSubjects(flags), flags)),
    );
