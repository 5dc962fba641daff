import { generationIdOf, type GenerationInputs } from "../../core/identity/generation";
import { defineRule, type Subject } from "../support/defineRule";
import { readBlock, readText, readVersion } from "../support/read";
import { TYPES } from "../support/resources";

export const generationHashMatchesInputs = defineRule({
  name: "generation-hash-matches-inputs",
  severity: "high",
  why: "A generation never changes under its name: the hash in the name is the hash of what it is made of.",
  appliesTo: [TYPES.generation],
  check: ({ props }) => {
    const inputs = readInputs(props);
    const made = generationIdOf(inputs);
    const named = readText(props, "generation");
    return [
      ...(made === named
        ? []
        : [`${named}: its inputs make ${made}; restore the inputs, or let the name follow them`]),
      ...disagreements(props, inputs),
    ];
  },
});

/** Read through, so that an unknown inside is found wherever it is. */
const readInputs = (props: Subject["props"]): GenerationInputs => {
  const inputs = readBlock(props, "inputs");
  readVersion(inputs, "version");
  return JSON.parse(JSON.stringify(inputs)) as GenerationInputs;
};

const disagreements = (props: Subject["props"], inputs: GenerationInputs): string[] =>
  (["cluster", "pool", "version"] as const)
    .filter(key => readText(props, key) !== inputs[key])
    .map(
      key =>
        `${readText(props, "generation")}: ${key} is "${readText(props, key)}", the hashed inputs say "${inputs[key]}"`,
    );
