/** The address that a server of this machine is about to have. */
import { connect } from "node:net";
import { Problem } from "./problem";

/**
 * The URL to open. A Mac's AirPlay Receiver has port 5000 on all addresses, and a server for 127.0.0.1 starts nevertheless; a
 * browser that is sent to localhost then finds the other one.
 *
 * @throws Problem if the port is no port, or something answers there
 */
export async function addressFor(host: string, port: string): Promise<string> {
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535)
    throw new Problem(`PORT is ${port}: must be a port, such as 5001`);
  const here = host === "0.0.0.0" ? "127.0.0.1" : host;
  const taken = await Promise.all([...new Set([here, "127.0.0.1", "::1"])].map((each) => answers(each, Number(port))));
  if (taken.includes(true))
    throw new Problem(
      `Port ${port} is taken${port === "5000" ? " (on a Mac by AirPlay Receiver)" : ""}; choose another: PORT=${String(Number(port) + 1)} npm run webapp`,
    );
  return `http://${here}:${port}`;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (answered: boolean) => () => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
