import {
  type Identified,
  isKubeError,
  type KubeClient,
  type Reflector,
  type ReflectorSpec,
  startReflector,
} from "../../kube";

/** A watch on what a drain can do without: where it may not look it does not stand still. */
export interface OptionalWatch<T> {
  readonly reflector: Reflector<T>;
  /** True after the first list, false when the server has said that there is none for us to see. */
  readonly listed: Promise<boolean>;
  /** Why it is not being fed at present; a refusal is no reason. */
  readonly problem: Reflector<T>["problem"];
}

const isRefused = (error: unknown): boolean => isKubeError(error, "forbidden", "notFound");

export const watchIfAllowed = <T extends Identified>(
  kube: KubeClient,
  spec: Omit<ReflectorSpec<T>, "onError">,
): OptionalWatch<T> => {
  const refused = Promise.withResolvers<false>();
  const reflector = startReflector(kube, {
    ...spec,
    onError: error => {
      if (isRefused(error)) refused.resolve(false);
    },
  });
  return {
    reflector,
    listed: Promise.race([reflector.synced.then(() => true), refused.promise]),
    problem: () => (isRefused(reflector.problem()) ? undefined : reflector.problem()),
  };
};
