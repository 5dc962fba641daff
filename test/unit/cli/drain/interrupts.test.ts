import { onInterrupt, withInterrupts } from "../../../../cli/commands/drain/interrupts";

it.each([
  {
    what: "asks to stop",
    before: { stage: "running", since: 0 },
    now: 50,
    after: { patience: { stage: "stopping", since: 50 }, act: "stop" },
  },
  {
    what: "is the same press when it comes at once",
    before: { stage: "stopping", since: 50 },
    now: 349,
    after: { patience: { stage: "stopping", since: 50 }, act: "none" },
  },
  {
    what: "insists when it comes later",
    before: { stage: "stopping", since: 50 },
    now: 350,
    after: { patience: { stage: "left", since: 350 }, act: "leave" },
  },
  {
    what: "changes nothing any more",
    before: { stage: "left", since: 350 },
    now: 9_000,
    after: { patience: { stage: "left", since: 350 }, act: "none" },
  },
] as const)("an interrupt $what", ({ before, now, after }) => {
  expect(onInterrupt(before, now)).toEqual(after);
});

const open = () => {
  const said: string[] = [];
  const heard = new Set<() => void>();
  let left = 0;
  let now = 0;
  const ports = {
    on: (hear: () => void) => void heard.add(hear),
    now: () => now,
    off: (hear: () => void) => void heard.delete(hear),
    say: (line: string) => void said.push(line),
    leave: () => {
      left += 1;
    },
  };
  const interrupt = (at = 0): void => {
    now = at;
    heard.forEach(hear => hear());
  };
  return { ports, said, heard, interrupt, left: () => left };
};

it("lets the work end cleanly after the first interrupt and gives back what it returned", async () => {
  const { ports, said, heard, interrupt, left } = open();
  const work = withInterrupts(ports, async signal => {
    await new Promise(resolve => signal.addEventListener("abort", resolve));
    return "ended cleanly";
  });
  interrupt();
  expect(await work).toBe("ended cleanly");
  expect(said).toEqual([expect.stringMatching(/no new evictions.*Ctrl-C again/)]);
  expect(left()).toBe(0);
  expect(heard.size).toBe(0);
});

it("leaves once at the second interrupt, however often it comes", async () => {
  const { ports, interrupt, left } = open();
  let finish = (): void => undefined;
  const work = withInterrupts(ports, () => new Promise<void>(resolve => (finish = resolve)));
  interrupt(0);
  interrupt(10);
  expect(left()).toBe(0);
  interrupt(1_000);
  interrupt(2_000);
  expect(left()).toBe(1);
  finish();
  await work;
});

it("stops listening when the work fails", async () => {
  const { ports, heard } = open();
  await expect(withInterrupts(ports, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(heard.size).toBe(0);
});
