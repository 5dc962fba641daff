import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Programs that only say what a machine is like. They ask nobody: each prints a file. */
export type HostProgram = "stat" | "swapon" | "df";

interface Answer {
  /** The one question that is answered. */
  readonly asked: (root: string) => string;
  /** Of a machine as the pages of kubeadm want it to be. */
  readonly born: string;
}

const disk = (size: number, free: number): string =>
  `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 ${String(size)} ${String(size - free)} ${String(free)} ${String(Math.ceil((100 * (size - free)) / size))}% /\n`;

const ANSWERS: Readonly<Record<HostProgram, Answer>> = {
  stat: { asked: () => "-fc %T /sys/fs/cgroup/", born: "cgroup2fs\n" },
  swapon: { asked: () => "--noheadings --show=NAME", born: "" },
  df: { asked: root => `-Pk ${root}/var/lib`, born: disk(41_152_736, 30_000_000) },
};

export const HOST_PROGRAMS = Object.keys(ANSWERS) as readonly HostProgram[];

const fileOf = (folder: string, machine: string, program: HostProgram): string =>
  join(folder, machine, "host", program);

/** What the program prints from now on. */
export const sayOfHost = (
  folder: string,
  machine: string,
  said: Partial<Readonly<Record<HostProgram, string>>>,
): void => {
  mkdirSync(join(folder, machine, "host"), { recursive: true });
  for (const program of HOST_PROGRAMS)
    if (said[program] !== undefined) writeFileSync(fileOf(folder, machine, program), said[program]);
};

export const sayAsBorn = (folder: string, machine: string): void =>
  sayOfHost(
    folder,
    machine,
    Object.fromEntries(HOST_PROGRAMS.map(program => [program, ANSWERS[program].born])),
  );

/** As `df` prints a disk of 100 blocks. */
export const diskWith = (free: number): string => disk(100, free);

export const cgroupOf = (folder: string, machine: string): string =>
  readFileSync(fileOf(folder, machine, "stat"), "utf8").trim();

export const hostScript = (
  { folder, machine, root }: { readonly folder: string; readonly machine: string; readonly root: string },
  program: HostProgram,
): string =>
  [
    "#!/bin/sh",
    `[ "$*" = "${ANSWERS[program].asked(root)}" ] || { echo "StandInLimit: the stand-in machines do not cover ${program} $*" >&2; exit 64; }`,
    `cat "${fileOf(folder, machine, program)}"`,
    "",
  ].join("\n");
