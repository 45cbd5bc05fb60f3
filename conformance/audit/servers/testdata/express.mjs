import https from "node:https";
import {createRequire} from "node:module";
import {answer, anyHeader, production, routes, sites, tls} from "./shop.mjs";

const require = createRequire(process.env.MODULES + "/");
const express = require("express");
const cors = require("cors");

const configs = {
  "default": undefined,
  "production": production,
  "string": {...production, origin: "https://app.example"},
  "func": {...production, origin: (origin, done) => done(null, origin === "https://app.example")},
  "regexp-g": {...production, origin: /^https:\/\/app\.example$/g},
  "any-header": anyHeader,
};

sites.forEach((name, i) => {
  const app = express();
  app.use(cors(configs[name]));
  app.use(express.text({type: "*/*"}));
  for (const [method, path] of routes) {
    app[method](path, (req, res) => {
      const [status, headers, body] = answer(req.method, req.path, req.headers, req.body ?? "");
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      res.statusCode = status;
      res.end(body);
    });
  }
  https.createServer(tls, app).listen({fd: 3 + i});
});
