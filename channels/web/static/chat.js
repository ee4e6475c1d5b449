/* Makes the chat page smoother. The page works without it. What somebody writes stays in this tab's memory and nowhere
 * else: nothing is put into storage, into the address or into a log. */
"use strict";

(() => {
  const chat = document.getElementById("chat");
  const log = document.getElementById("log");
  const lines = document.getElementById("lines");
  const composer = document.getElementById("composer");
  const box = document.getElementById("text");
  const waiting = document.getElementById("waiting");
  const problem = document.getElementById("problem");
  const leaving = document.getElementById("leave");
  if (!chat || !composer || !window.fetch) return;

  const say = (name, facts = {}) =>
    Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, value), chat.dataset[name] || "");
  const longest = Number(chat.dataset.longest);
  const seen = new Set([...log.querySelectorAll("[data-id]")].map((line) => line.dataset.id));
  let cursor = Number(chat.dataset.cursor) || 0;
  let lastHeard = Date.now();
  let left = false;
  let timer = 0;

  const newId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  /* Lines */

  const toEnd = () => {
    log.scrollTop = 0; // the log is turned over: its end is its beginning
  };

  const bubble = (whose, hiddenText) => {
    const line = element("div", `line ${whose}`);
    const words = element("p", "bubble");
    words.append(element("span", "unseen", `${hiddenText} `));
    line.append(words);
    return { line, words };
  };

  const showOurs = (message) => {
    if (seen.has(message.id)) return;
    seen.add(message.id);
    dropChoices();
    const { line, words } = bubble("ours", say("sayFromUs"));
    line.dataset.id = message.id;
    for (const part of message.parts) {
      if (part.tel) {
        const link = element("a", "", part.text);
        link.href = `tel:${part.tel}`;
        words.append(link);
      } else {
        words.append(part.text);
      }
    }
    if (message.buttons.length) line.append(choicesOf(message));
    lines.append(line);
    toEnd();
  };

  const choicesOf = (message) => {
    const form = element("form", "choices");
    form.method = "post";
    form.action = "/chat/press";
    form.append(...[["key", chat.dataset.key], ["form", newId()], ["prompt", message.id]].map(([name, value]) => {
      const field = element("input");
      Object.assign(field, { type: "hidden", name, value });
      return field;
    }));
    for (const button of message.buttons) {
      const choice = element("button", "choice", button.title);
      choice.name = "payload";
      choice.value = button.payload;
      form.append(choice);
    }
    return form;
  };

  const dropChoices = () => log.querySelectorAll("form.choices").forEach((form) => form.remove());

  /* Their own words: shown at once, with what became of them */

  const showTheirs = (text) => {
    document.getElementById("hello")?.remove();
    const { line, words } = bubble("theirs", say("sayFromYou"));
    words.append(text);
    const state = element("span", "state", say("saySending"));
    line.append(state);
    lines.append(line);
    toEnd();
    return state;
  };

  const showFailed = (state, sentence, again) => {
    state.className = "state failed";
    state.textContent = sentence || say("sayNotSent");
    const button = element("button", "again", say("sayTryAgain"));
    button.type = "button";
    button.addEventListener("click", () => {
      state.className = "state";
      state.textContent = say("saySending");
      again();
    });
    state.append(" ", button);
    toEnd();
  };

  const showProblem = (sentence) => {
    problem.querySelector("#problem-text").textContent = sentence;
    problem.hidden = !sentence;
  };

  /* Sending */

  const post = async (path, fields) => {
    const body = new URLSearchParams({ key: chat.dataset.key, ...fields });
    const response = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    return { ...answer, status: response.status, wait: Number(response.headers.get("Retry-After")) || 0 };
  };

  const deliver = async (path, fields, state) => {
    const again = () => deliver(path, fields, state); // the same id: it can never arrive twice
    try {
      const answer = await post(path, fields);
      if (left) return;
      if (answer.taken) {
        lines.querySelectorAll(".state.done").forEach((old) => old.remove());
        state.className = "state done";
        state.textContent = say("saySent");
        waiting.hidden = false;
        lastHeard = Date.now();
        look(600);
      } else if (answer.status === 403) {
        startAfresh(path, fields);
      } else if (answer.wait && answer.wait < 15) {
        setTimeout(again, answer.wait * 1000);
      } else {
        showFailed(state, answer.problem, again);
      }
    } catch {
      if (!left) showFailed(state, say("sayNotSent"), again);
    }
  };

  /* The cookie is gone or the page too old. A plain form brings a new page, with their words back in the box. */
  const startAfresh = (path, fields) => {
    if (path !== "/chat/send") {
      location.reload();
      return;
    }
    left = true;
    box.value = fields.text;
    composer.submit();
  };

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value;
    if (!text.trim()) {
      showProblem(say("sayProblemEmpty"));
      box.focus();
      return;
    }
    if (letters(text) > longest) {
      box.focus();
      return;
    }
    const fields = { form: newId(), text, code: composer.elements.code.value };
    composer.elements.code.value = "";
    showProblem("");
    dropChoices();
    box.value = "";
    box.removeAttribute("aria-invalid");
    measure();
    deliver("/chat/send", fields, showTheirs(text));
    box.focus();
  });

  log.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    showProblem("");
    if (form.classList.contains("choices")) {
      const choice = event.submitter || form.querySelector(".choice");
      const fields = { form: newId(), prompt: form.elements.prompt.value, payload: choice.value };
      const title = choice.textContent;
      dropChoices();
      deliver("/chat/press", fields, showTheirs(title));
      log.focus({ preventScroll: true });
    } else if (form.classList.contains("starter")) {
      begin(form);
    }
  });

  const begin = async (form) => {
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await post("/chat/start", { form: form.elements.form.value, code: form.elements.code.value });
      if (!answer.taken) throw new Error(answer.problem);
      composer.elements.code.value = "";
      document.getElementById("hello")?.remove();
      history.replaceState(null, "", "/chat"); // the invitation's code leaves the address bar
      waiting.hidden = false;
      lastHeard = Date.now();
      look(300);
      log.focus({ preventScroll: true });
    } catch (error) {
      button.disabled = false;
      showProblem(error instanceof TypeError ? say("sayProblemPressNotTakenIn") : error.message);
      button.focus();
    }
  };

  /* Looking for replies: often while one is expected, seldom when the page lies idle */

  const pause = () => {
    if (document.hidden) return 15000;
    if (!waiting.hidden) return 1500;
    return Date.now() - lastHeard < 60000 ? 3000 : 8000;
  };

  const look = (soon) => {
    clearTimeout(timer);
    timer = setTimeout(ask, soon ?? pause());
  };

  /* A new page would lose them. Sending them brings one, and keeps them. */
  const hasUnsentWords = () => left || box.value.trim() !== "" || lines.querySelector(".state:not(.done)") !== null;

  const ask = async () => {
    if (left) return;
    try {
      const response = await fetch(`/chat/messages?after=${cursor}`, { headers: { Accept: "application/json" } });
      if (response.status === 403) {
        if (!hasUnsentWords()) location.reload();
        return;
      }
      if (response.ok) hear(await response.json());
      look(response.ok ? undefined : 10000);
    } catch {
      if (!left) showProblem(say("sayNoConnection"));
      look(5000);
    }
  };

  const hear = (answer) => {
    if (left) return;
    if (problem.textContent.includes(say("sayNoConnection"))) showProblem("");
    const before = seen.size;
    if (answer.messages.length) document.getElementById("hello")?.remove();
    answer.messages.forEach(showOurs);
    if (seen.size > before) lastHeard = Date.now();
    cursor = answer.cursor;
    waiting.hidden = !answer.waiting;
  };

  document.addEventListener("visibilitychange", () => document.hidden || look(0));
  window.addEventListener("online", () => look(0));

  /* The box: how much is left, and Enter sends where there is a real keyboard */

  const letters = (text) => [...text].length;

  const measure = () => {
    const spare = longest - letters(box.value);
    const count = document.getElementById("count");
    count.className = spare < 0 ? "over" : "";
    if (spare < 0) count.textContent = say("sayLettersOver", { count: -spare });
    else count.textContent = spare <= 300 ? say("sayLettersLeft", { count: spare }) : "";
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 4, 200)}px`;
  };

  box.addEventListener("input", () => {
    showProblem("");
    measure();
  });

  box.addEventListener("keydown", (event) => {
    const realKeyboard = matchMedia("(pointer: fine)").matches;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && realKeyboard) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });

  /* Leaving: empty the page first, then go, and leave no way back */

  const leave = () => {
    left = true;
    clearTimeout(timer);
    navigator.sendBeacon("/chat/leave", new URLSearchParams({ key: chat.dataset.key }));
    box.value = "";
    document.body.replaceChildren();
    location.replace(leaving.dataset.exit);
  };

  leaving.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });

  let escapes = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      escapes = [];
      return;
    }
    escapes = [...escapes, Date.now()].filter((at) => Date.now() - at < 2000);
    if (escapes.length >= 3) leave();
  });

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  history.replaceState(null, "", location.pathname);
  box.rows = 1;
  box.classList.add("grows");
  toEnd();
  measure();
  look(waiting.hidden ? undefined : 600);
})();
