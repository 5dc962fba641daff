import { ConfigureResponse, CreateRequest, UpdateRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { Props } from "./kind";

/** Kept beside the properties, none of whose names is a symbol: the SDK's server hands on nothing else. */
const PREVIEW = Symbol("preview");

export const isPreview = (props: Props): boolean => Object.hasOwn(props, PREVIEW);

interface Bag {
  readonly toJavaScript: () => object;
}

const marked = (bag: Bag | undefined, preview: boolean): Bag => ({
  toJavaScript: () => ({ ...bag?.toJavaScript(), ...(preview ? { [PREVIEW]: true } : {}) }),
});

/* eslint-disable @typescript-eslint/unbound-method -- each is called with its own `this` below */
/**
 * Lets the engine ask in a preview what a resource will be, which the SDK's server neither offers nor hands on
 * (provider/server.js, `configure`, `create`, `update`). Real plugins offer it; without it the engine shows every output
 * of what changes as unknown.
 */
export const takePreviews = (): void => {
  const { serializeBinary } = ConfigureResponse.prototype;
  ConfigureResponse.prototype.serializeBinary = function (this: ConfigureResponse): Uint8Array {
    this.setSupportspreview(true);
    return serializeBinary.call(this);
  };
  const { getProperties } = CreateRequest.prototype;
  CreateRequest.prototype.getProperties = function (this: CreateRequest) {
    return marked(getProperties.call(this), this.getPreview()) as ReturnType<typeof getProperties>;
  };
  const { getNews } = UpdateRequest.prototype;
  UpdateRequest.prototype.getNews = function (this: UpdateRequest) {
    return marked(getNews.call(this), this.getPreview()) as ReturnType<typeof getNews>;
  };
};
/* eslint-enable @typescript-eslint/unbound-method */
