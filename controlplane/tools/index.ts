export { cacheRoot, type InstalledTool } from "./cache";
export { ensureTool, listTools, type ListedTool } from "./ensureTool";
export type { ToolOptions } from "./exclusive";
export type { ToolId } from "./lock";
