// Says beside the buttons why a form could not save itself: the script that sends it says nothing.
// What is said stands in the page, in its language; the server says itself whatever it could answer.
(() => {
  "use strict";
  const form = document.getElementById("response");
  const told = document.getElementById("saved");
  if (!form || !told) return;
  let problem = "";

  const tell = (kind) => {
    // The same line again would be read out at every stroke of a key.
    if (problem === kind) return;
    problem = kind;
    const said = document.querySelector(`template[data-not-saved="${kind}"]`).content.cloneNode(true);
    const last = told.querySelector("data")?.value;
    if (last) {
      const before = document.querySelector("template[data-saved-before]").content.cloneNode(true);
      Object.assign(before.querySelector("data"), { value: last, textContent: last });
      said.append(" ", before);
    }
    told.replaceChildren(said);
  };

  const ofForm = (act) => (event) => {
    if (event.target === form) act(event.detail);
  };
  document.addEventListener("htmx:sendError", ofForm(() => tell("unreachable")));
  document.addEventListener("htmx:timeout", ofForm(() => tell("unreachable")));
  document.addEventListener(
    "htmx:responseError",
    ofForm(({ xhr }) => tell(xhr.status === 403 ? "refused" : "failed"))
  );
  document.addEventListener(
    "htmx:afterRequest",
    ofForm(({ successful, xhr }) => {
      // An answer that kept nothing says so itself, and says no time.
      if (successful) problem = xhr.responseText.includes("<data") ? "" : "kept-nothing";
    })
  );

  // As if something had changed: the form sends itself again.
  addEventListener("online", () => {
    if (problem) form.dispatchEvent(new Event("change"));
  });

  // Closing the page would lose what is in no draft. A button pressed sends it.
  let isSent = false;
  form.addEventListener("submit", () => {
    isSent = true;
  });
  addEventListener("pageshow", () => {
    isSent = false;
  });
  addEventListener("beforeunload", (event) => {
    if (problem && !isSent) event.preventDefault();
  });
})();
