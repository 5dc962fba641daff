/**
 * Makes one gate with the components at argv[2] and prints what the engine would store as its provider. Run under the
 * loader that is to be tried; the SDK is the one that those components find.
 */
const { createRequire } = require("node:module");

const [, , components] = process.argv;
const { runtime } = createRequire(`${components}/index.js`)("@pulumi/pulumi");
let stored = "";
runtime.setMocks({
  call: ({ inputs }) => inputs,
  newResource: ({ inputs }) => {
    stored = inputs.__provider;
    return { id: "id", state: inputs };
  },
});
const { Gate } = require(`${components}/gates/gate`);
new Gate("workers", { gate: "Activation" }, {}).urn.apply(() => console.log(JSON.stringify(stored)));
