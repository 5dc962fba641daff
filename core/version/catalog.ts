/** Facts about Kubernetes that change over time, each with its source. `data/` holds them; core takes them as a parameter. */
export interface Catalog {
  /** Day on which the facts were last compared with their sources, `YYYY-MM-DD`. */
  readonly checked: string;
  /** Minor ("1.36") → its calendar. A minor that is not here is unknown. */
  readonly minors: Readonly<Record<string, MinorFacts>>;
  /** Minor → exact version that the lab can run. */
  readonly lab: Readonly<Record<string, string>>;
  /** Cloud → what its kubelets may do. */
  readonly skew: Readonly<Record<string, SkewFacts>>;
}

export interface MinorFacts {
  /** General availability upstream, `YYYY-MM-DD`. */
  readonly released: string;
  /** End of upstream patches, `YYYY-MM-DD`. */
  readonly endOfLife: string;
  readonly latestPatch?: string;
  /** Cloud → its own end of standard and of paid support, `YYYY-MM-DD`. */
  readonly clouds: Readonly<Record<string, SupportFacts>>;
  readonly source: string;
}

export interface SupportFacts {
  readonly standardEnd: string;
  readonly extendedEnd?: string;
}

export interface SkewFacts {
  /** Minors that a kubelet may be older than the control plane. */
  readonly kubeletMayTrail: number;
  readonly source: string;
}

/** Sorted from old to new: numbers, not texts, so that 1.9 comes before 1.10. */
export const knownMinors = (catalog: Catalog): readonly string[] =>
  Object.keys(catalog.minors).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

/** The day on which support of a minor ends: the cloud's own standard support where it is known, else upstream's. */
export const supportEnds = (catalog: Catalog, cloud: string, minor: string): string | undefined => {
  const facts = catalog.minors[minor];
  return facts?.clouds[cloud]?.standardEnd ?? facts?.endOfLife;
};
