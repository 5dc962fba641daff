import fc from "fast-check";
import { type LabelSelector, matchesLabels } from "../../../../core/drain/labels";
import { indexSelectors } from "../../../../core/drain/selectorIndex";

const word = fc.constantFrom("a", "b", "c");
const labels = fc.dictionary(word, word, { maxKeys: 3 });
const namespace = fc.constantFrom("one", "two");
const expression = fc.record({
  key: word,
  operator: fc.constantFrom("In", "NotIn", "Exists", "Sometimes"),
  values: fc.array(word, { maxLength: 2 }),
});
const selector = fc.option(
  fc.record(
    { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 1 }) },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const item = fc.record({ namespace, selector });

it("finds exactly the items that asking each would find", () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), fc.record({ namespace, labels }), (items, object) => {
      const index = indexSelectors(items, one => one);
      const asked = items.filter(
        one =>
          one.namespace === object.namespace &&
          matchesLabels(one.selector as LabelSelector | undefined, object.labels),
      );
      expect(new Set(index.of(object))).toEqual(new Set(asked));
      expect(index.of(object)).toHaveLength(asked.length);
    }),
  );
});
