import type { StandInRule } from "../standInRule";

const PROVIDER =
  "https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/helm_release.go";

/** What the stand-in does because the real provider does it; Helm itself is the real one. */
export const RULES = {
  renderedChecksum: {
    rule: "a release is updated when its chart renders otherwise: the checksum of `helm template` is one of its inputs",
    source: PROVIDER,
  },
  waitsUnlessToldNot: {
    rule: "an install, upgrade or uninstall waits for its objects for 300 seconds unless `timeout` or `skipAwait` says otherwise",
    source: PROVIDER,
  },
  failedIsKept: {
    rule: "a release that was made or changed and then failed is in the state, marked, so that the next run updates it",
    source: PROVIDER,
  },
  nameReplaces: {
    rule: "another name or namespace is another release: it is replaced",
    source: PROVIDER,
  },
} as const satisfies Readonly<Record<string, StandInRule>>;
