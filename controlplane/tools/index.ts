export { cacheRoot, type InstalledTool, type ToolOrigin } from "./cache";
export { ensureTool, listTools, type ListedTool } from "./ensureTool";
export type { ToolOptions } from "./exclusive";
export { TOOL_IDS, type ToolId } from "./lock";
