/** The proxy of `HTTPS_PROXY` for the AWS SDK, which by itself knows none; Terraform and its provider use it by themselves. */
import { request } from "node:http";
import { Agent, request as secureRequest, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { connect, type ConnectionOptions } from "node:tls";
import { Problem } from "../machine/problem";

/**
 * The agent for requests to AWS, if the variables name a proxy; what `NO_PROXY` lists is asked directly.
 *
 * The rules are those of Go's programs, such as Terraform: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 *
 * @throws Problem for a proxy that does not speak HTTP
 */
export function proxyAgent(env: NodeJS.ProcessEnv): Agent | undefined {
  const name = ["HTTPS_PROXY", "https_proxy"].find(isSet);
  if (name === undefined) return undefined;
  const named = env[name] ?? "";
  const address = /^\w+:\/\//.test(named) ? named : `http://${named}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new Problem(`${name}: must be the address of an HTTP proxy, such as http://proxy.example.com:3128`);
  return new Tunnel(new URL(address), env[["NO_PROXY", "no_proxy"].find(isSet) ?? ""] ?? "");

  function isSet(variable: string): boolean {
    return (env[variable] ?? "") !== "";
  }
}

/** Whether `NO_PROXY` lists a host: `.example.com` are those below a domain, `example.com` the domain, too, and `*` is every host. */
export function isDirect(host: string, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim().replace(/:\d+$/, "").replace(/^\*\./, "."))
    .some(
      (entry) => entry === "*" || entry === host || (entry !== "" && host.endsWith(`.${entry.replace(/^\./, "")}`)),
    );
}

/** Asks the proxy for a connection to the host, and speaks TLS with the host through it: the proxy sees the name alone. */
class Tunnel extends Agent {
  constructor(
    private readonly proxy: URL,
    private readonly noProxy: string,
  ) {
    super({ keepAlive: true });
  }

  /** https://nodejs.org/api/http.html#agentcreateconnectionoptions-callback */
  override createConnection(wanted: RequestOptions, connected: (error: Error | null, stream: Duplex) => void) {
    const { host, port } = wanted;
    const to = host ?? "";
    if (isDirect(to, this.noProxy)) return super.createConnection(wanted, connected);
    const failed = (why: string) =>
      (connected as (error: Error) => void)(new Error(`the proxy ${this.proxy.host} ${why}`));
    const { protocol, username, password } = this.proxy;
    const secure = protocol === "https:";
    const user = Buffer.from(decodeURIComponent(`${username}:${password}`)).toString("base64");
    (secure ? secureRequest : request)({
      hostname: this.proxy.hostname.replace(/^\[|\]$/g, ""),
      port: this.proxy.port === "" ? (secure ? 443 : 80) : this.proxy.port,
      method: "CONNECT",
      path: `${to}:${String(port ?? 443)}`,
      headers: username === "" ? {} : { "Proxy-Authorization": `Basic ${user}` },
      agent: false,
    })
      .once("connect", ({ statusCode }, socket) => {
        if (statusCode === 200) connected(null, connect({ ...(wanted as ConnectionOptions), socket, servername: to }));
        else failed(`does not connect to ${to}: ${String(statusCode)}`);
      })
      .once("response", ({ statusCode }) => failed(`does not connect to ${to}: ${String(statusCode)}`))
      .once("error", ({ message }) => failed(`cannot be reached: ${message}`))
      .end();
    return undefined;
  }
}
