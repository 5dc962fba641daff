import { Command, Option } from "commander";
import { DEMO_STACKS, readDemo } from "../../lab/demo/catalogue";
import { play, type PlayFlags, PROGRAM, withPlayOptions } from "./play";

type DemoFlags = PlayFlags & { readonly stack: (typeof DEMO_STACKS)[number] };

/** `changeover demo`, which is `npm run demo`. */
export const demoCommand = (): Command =>
  withPlayOptions(
    new Command("demo")
      .description(
        "make a lab cluster with a shop on it, upgrade it with the real Pulumi CLI, and have it audited",
      )
      .addOption(
        new Option(
          "--stack <name>",
          "local: the lab as it is; staging: EKS, on a stand-in for AWS, and back; prod: GKE, staged, on a stand-in for Google Cloud, half-way back and forward again",
        )
          .choices([...DEMO_STACKS])
          .default("local"),
      ),
  ).action((flags: DemoFlags) => play(readDemo(PROGRAM, flags.stack), flags));
