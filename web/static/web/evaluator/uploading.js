/* A photo on its way to the server, with how far it has come: `fetch` does not tell. */
const STALLED_MS = 45000;

/* Return the answer as `fetch` would; fails where nothing moves any more. `told` hears percents. */
export const upload = (address, body, headers, told) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled = null;
    const moved = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED_MS);
    };
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      moved();
      told(Math.floor((100 * loaded) / total));
    });
    request.addEventListener("load", () => {
      const more = { "Retry-After": request.getResponseHeader("Retry-After") ?? "" };
      resolve(new Response(request.responseText || null, { status: request.status, headers: more }));
    });
    for (const end of ["error", "abort"]) request.addEventListener(end, () => reject(new TypeError(end)));
    request.addEventListener("loadend", () => clearTimeout(stalled));
    moved();
    request.send(body);
  });
