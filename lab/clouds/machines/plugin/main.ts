import { createRequire } from "node:module";
import { servePlugin } from "../../plugin/serve";
import { commandKind } from "./command";

/*
 * A program: stands in for the plugin `pulumi-resource-command`, for remote.Command. Like the real one it logs in by ssh
 * and runs the text; the machines it may log in to are on loopback.
 */
const { version } = createRequire(__filename)("@pulumi/command/package.json") as { version: string };

servePlugin({ cloud: "machines of your own", version, kinds: { "command:remote:Command": commandKind } });
