import {createRequire} from "node:module";
import {answer, anyHeader, production, routes, sites, tls} from "./shop.mjs";

const require = createRequire(process.env.MODULES + "/");
const fastify = require("fastify");
const cors = require("@fastify/cors");

const configs = {
  "default": {},
  "production": production,
  "regexp-g": {...production, origin: /^https:\/\/app\.example$/g},
  "any-header": anyHeader,
};

sites.forEach(async (name, i) => {
  const app = fastify({https: tls});
  await app.register(cors, configs[name]);
  app.addContentTypeParser("*", {parseAs: "string"}, (req, body, done) => done(null, body));
  app.removeContentTypeParser(["application/json", "text/plain"]);
  for (const [method, path] of routes) {
    app[method](path, (req, reply) => {
      const [status, headers, body] = answer(req.method, req.url.split("?")[0], req.headers, req.body ?? "");
      reply.code(status).headers(headers).send(body);
    });
  }
  await app.ready();
  app.server.listen({fd: 3 + i});
});
