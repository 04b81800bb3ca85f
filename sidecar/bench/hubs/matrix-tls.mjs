/** The gateway over TLS, with the sidecar's defaults: attached to a server of its host's, from a built library. */
import { createServer } from "node:https";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { credentials } from "./credentials.mjs";

const [library = "", port] = process.argv.slice(2);
const { attach, createGateway } = await import(pathToFileURL(library).href);

// As the sidecar does.
setFlagsFromString("--semi-space-growth-factor=1");
const server = createServer(credentials ?? {});
attach(server, createGateway({}), {});
server.listen({ port: Number(port), backlog: 4096 });
