import * as entries from "./accessEntries";
import type { Call, Route } from "./route";

const ENTRIES = "^/clusters/([^/]+)/access-entries";
const ENTRY = `${ENTRIES}/([^/]+)`;
const POLICIES = `${ENTRY}/access-policies`;

const first = ({ names }: Call): string => names[0] ?? "";
const pair = ({ names }: Call): entries.EntryNames => [names[0] ?? "", names[1] ?? ""];

/** Access entries and their policies: https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html */
export const ACCESS_ROUTES: readonly Route[] = [
  {
    ...{ action: "ListAccessEntries", method: "GET", path: new RegExp(`${ENTRIES}$`) },
    answer: call => entries.listEntries(call.context, first(call)),
  },
  {
    ...{ action: "CreateAccessEntry", method: "POST", path: new RegExp(`${ENTRIES}$`) },
    answer: call => entries.createEntry(call.context, first(call), call.body as entries.CreateEntry),
  },
  {
    ...{ action: "DescribeAccessEntry", method: "GET", path: new RegExp(`${ENTRY}$`) },
    answer: call => entries.describeEntry(call.context, pair(call)),
  },
  {
    ...{ action: "DeleteAccessEntry", method: "DELETE", path: new RegExp(`${ENTRY}$`) },
    answer: call => entries.deleteEntry(call.context, pair(call)),
  },
  {
    ...{ action: "ListAssociatedAccessPolicies", method: "GET", path: new RegExp(`${POLICIES}$`) },
    answer: call => entries.listPolicies(call.context, pair(call)),
  },
  {
    ...{ action: "AssociateAccessPolicy", method: "POST", path: new RegExp(`${POLICIES}$`) },
    answer: call => entries.associate(call.context, pair(call), call.body as entries.AssociatePolicy),
  },
  {
    ...{ action: "DisassociateAccessPolicy", method: "DELETE", path: new RegExp(`${POLICIES}/([^/]+)$`) },
    answer: call => entries.disassociate(call.context, pair(call), call.names[2] ?? ""),
  },
];
