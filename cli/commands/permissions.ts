import { Argument, Command } from "commander";
import { ROLES } from "../../data/roles";

const APPLY: Readonly<Record<keyof typeof ROLES, string>> = {
  eks: "aws iam create-policy --policy-name changeover --policy-document file://role.json",
  gke: "gcloud iam roles create changeover --project PROJECT --file role.json",
  aks: "az role definition create --role-definition role.json   (put your subscription into AssignableScopes)",
};

const CLOUDS = Object.keys(ROLES) as (keyof typeof ROLES)[];

/** `changeover permissions`: the role of whoever runs `pulumi up`. */
export const permissionsCommand = (): Command =>
  new Command("permissions")
    .description("print the role that `pulumi up` needs on a cloud, in the form its own tool takes")
    .addArgument(new Argument("<cloud>", "which cloud").choices(CLOUDS))
    .addHelpText(
      "after",
      `\nTo make it, from a file role.json:\n${CLOUDS.map(cloud => `  ${cloud}  ${APPLY[cloud]}`).join("\n")}\nNarrow its resources to your clusters and roles. In the cluster the identity is an administrator.\n`,
    )
    .action((cloud: keyof typeof ROLES) => console.log(JSON.stringify(ROLES[cloud], null, 2)));
