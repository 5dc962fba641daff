import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import ssh2 from "ssh2";
import { newKey } from "./key";

/** A user's ssh agent with one key that was made for these machines. */
export interface StandInAgent {
  /** For SSH_AUTH_SOCK. */
  readonly socket: string;
  /** For authorized_keys. */
  readonly publicKey: string;
  readonly close: () => Promise<void>;
}

/** Speaks the agent's protocol, so that clients find it as they find the user's own. */
export const openAgent = async (folder: string): Promise<StandInAgent> => {
  const pair = newKey();
  const key = ssh2.utils.parseKey(pair.private);
  if (key instanceof Error) throw key;
  const open = new Set<Socket>();
  const server = createServer(socket => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    const protocol = new ssh2.AgentProtocol(false);
    protocol.on("identities", request => protocol.getIdentitiesReply(request, [key]));
    protocol.on("sign", (request, asked, data) => {
      if (asked.getPublicSSH().equals(key.getPublicSSH())) protocol.signReply(request, key.sign(data));
      else protocol.failureReply(request);
    });
    socket.pipe(protocol).pipe(socket);
  });
  const socket = join(folder, "agent.sock");
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  const close = (): Promise<void> =>
    new Promise(resolve => {
      for (const one of open) one.destroy();
      server.close(() => resolve());
    });
  return { socket, publicKey: pair.public, close };
};
