import { compareText } from "../scope";

/** With a "fatal" one nothing should be started. `subjects` are nodes, pods, budgets or workloads, sorted. */
export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly subjects: readonly string[];
}

export type Severity = "fatal" | "warning" | "info";

const RANK: Readonly<Record<Severity, number>> = { fatal: 0, warning: 1, info: 2 };

/** The gravest first, then by code. */
export const sortFindings = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] || compareText(a.code, b.code) || compareText(a.message, b.message),
  );

export interface Remark {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly subject: string;
}

/** One finding a code. What only some subjects say is left to them: `several` is said of all. */
export const groupRemarks = (
  remarks: readonly Remark[],
  severityOf: (code: string) => Severity,
  several: Readonly<Record<string, string>> = {},
): readonly Finding[] =>
  [...Map.groupBy(remarks, ({ code }) => code)].map(([code, group]) => {
    const [first] = group;
    const same = group.every(({ message }) => message === first?.message);
    return {
      severity: severityOf(code),
      code,
      message: (same ? undefined : several[code]) ?? first?.message ?? "",
      fix: first?.fix ?? "",
      subjects: [...new Set(group.map(({ subject }) => subject))].sort(compareText),
    };
  });
