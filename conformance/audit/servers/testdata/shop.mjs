// The shop, as shop_test.go has it, for servers of Node.js.

export const token = "Bearer t";

export const routes = [
  ["get", "/login"], ["get", "/products"], ["get", "/orders"], ["post", "/orders"],
  ["get", "/orders/1"], ["put", "/orders/1"], ["patch", "/orders/1"], ["delete", "/orders/1"],
];

const json = "application/json";

// answer is what the shop answers: status, headers, body.
export function answer(method, path, headers, body) {
  switch (path) {
    case "/login":
      return [200, {
        "Set-Cookie": "sid=1; Path=/; Secure; HttpOnly; SameSite=None", "Content-Type": "text/html",
      }, `<!doctype html><script src="https://pages.example/run.js"></script>`];
    case "/products":
      return [200, {"Content-Type": json}, `{"products":[1,2]}`];
  }
  if (!(headers.cookie ?? "").includes("sid=1") && headers.authorization !== token) {
    return [401, {"WWW-Authenticate": "Bearer", "Content-Type": json}, `{"error":"who are you?"}`];
  }
  const by = headers.authorization ? "token" : "cookie";
  return [200, {"Content-Type": json, "X-Request-Id": "1"},
    JSON.stringify({method, by, length: body.length})];
}

export const production = {
  origin: ["https://app.example"],
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowedHeaders: ["Authorization", "Content-Type", "X-Requested-With"],
  exposedHeaders: ["X-Request-Id"],
  credentials: true,
  maxAge: 600,
};

export const {allowedHeaders: _, ...anyHeader} = production;

export const tls = {key: process.env.KEY, cert: process.env.CERTIFICATE, ALPNProtocols: ["http/1.1"]};

// The names of the sites that are to be served, by file descriptors from 3 on.
export const sites = process.argv.slice(2);
