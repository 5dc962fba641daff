import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Run, TestStack } from "./stack";

/** A program of a user: what splits the traffic is a line in a file here, written by a resource of the program. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { ClusterHandover, parseHandover } from "./components";

class Route extends pulumi.dynamic.Resource {
  constructor(name: string, props: { weight: number; file: string }, opts: pulumi.CustomResourceOptions) {
    const say = async (news: any) => require("node:fs").appendFileSync(news.file, name + " " + news.weight + "\\n");
    super({
      create: async (news: any) => { await say(news); return { id: name, outs: news }; },
      update: async (_id: string, _olds: any, news: any) => { await say(news); return { outs: news }; },
    }, name, props, opts);
  }
}

const parsed = parseHandover(new pulumi.Config("changeover").requireObject("handover"));
if (parsed.ok === false) throw new pulumi.RunError(parsed.problems.map(({ code, path, message }) => code + " at " + path + ": " + message).join("\\n"));
const file = process.env["ROUTES"] ?? "";
export const { weights } = new ClusterHandover(parsed.value, {
  route: ({ blue, green }, opts) => [
    new Route("blue", { weight: blue, file }, opts),
    new Route("green", { weight: green, file }, opts),
  ],
});
`;

/** A stack whose program moves traffic from one cluster to another, and what its routes were told. */
export class HandoverStack {
  private readonly stack: TestStack;
  private readonly said: Record<string, unknown>;

  private constructor(stack: TestStack, said: Record<string, unknown>) {
    this.stack = stack;
    this.said = said;
  }

  /** @param labs the folder in which clusters of the cloud "lab" are found. */
  static async open(labs: string, said: Record<string, unknown>): Promise<HandoverStack> {
    const stack = await TestStack.open("traffic", { handover: said });
    rmSync(join(stack.dir, "index.ts"));
    writeFileSync(join(stack.dir, "index.ts"), PROGRAM);
    stack.extra = { ROUTES: join(stack.dir, "routes"), CHANGEOVER_LABS: labs };
    return new HandoverStack(stack, said);
  }

  /** One `up` with this share of the traffic for green. */
  up(weight: string): Promise<Run> {
    this.stack.set({ handover: { ...this.said, weight } });
    return this.stack.up("--skip-preview");
  }

  preview(weight: string): Promise<Run> {
    this.stack.set({ handover: { ...this.said, weight } });
    return this.stack.preview();
  }

  destroy(): Promise<Run> {
    return this.stack.run(["destroy", "--yes", "--skip-preview"]);
  }

  /** Every weight the routes were given since the last call, sorted within one `up`. */
  routed(): readonly string[] {
    const file = this.stack.extra["ROUTES"] ?? "";
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean).sort();
    writeFileSync(file, "");
    return lines;
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}
