/** The port of this machine that a listener gets. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Below it a port needs a privilege on most machines; where it does not, somebody else may count on it. */
const PRIVILEGED = 1024;

/** 80 is 8080, and 443 is 8443. */
const preferred = (port: number) => (port < PRIVILEGED ? port + 8000 : port);

/** Listens on loopback: on the port that a listener's port stands for, or, if that is in use, on any. @returns the port */
export async function listen(server: Server, port: number): Promise<number> {
  for (const wanted of [preferred(port), 0]) {
    const free = await new Promise<boolean>((resolve) => {
      const busy = () => resolve(false);
      server.once("error", busy).listen(wanted, "127.0.0.1", () => {
        server.off("error", busy);
        resolve(true);
      });
    });
    if (free) return (server.address() as AddressInfo).port;
  }
  throw new Error(`no port of 127.0.0.1 is free for the listener ${String(port)}`);
}
