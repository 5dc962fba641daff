import type { Catalog } from "../core/version/catalog";
import lab from "./lab.json";
import minors from "./minors.json";
import skew from "./skew.json";

/** As old as its oldest part. */
const checked = [minors.checked, lab.checked, skew.checked].reduce((oldest, day) =>
  day < oldest ? day : oldest,
);

/** Everything core must know about Kubernetes releases and clouds, with dates and sources. It takes this as a parameter. */
export const CATALOG: Catalog = { checked, minors: minors.minors, lab: lab.versions, skew: skew.clouds };
