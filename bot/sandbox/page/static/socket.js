// One WebSocket to the sandbox; each request is a promise, everything else is handed to listeners by its kind.

export class Socket {
  constructor(listeners) {
    this.listeners = listeners;
    this.waiting = new Map();
    this.number = 0;
    const token = encodeURIComponent(location.hash.slice(1));
    this.socket = new WebSocket(`ws://${location.host}/socket?token=${token}`);
    this.socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => this.close());
  }

  receive(message) {
    if (message.kind === "done" || message.kind === "failed") {
      const found = this.waiting.get(message.n);
      this.waiting.delete(message.n);
      if (!found) return;
      if (message.kind === "done") found.resolve(message);
      else found.reject(new Error(message.text));
      return;
    }
    this.listeners[message.kind]?.(message);
  }

  close() {
    for (const found of this.waiting.values()) found.reject(new Error("The sandbox has ended."));
    this.waiting.clear();
    this.listeners.closed?.();
  }

  ask(request) {
    const n = ++this.number;
    return new Promise((resolve, reject) => {
      if (this.socket.readyState !== WebSocket.OPEN) {
        reject(new Error("The sandbox has ended. Start it again and open the new address."));
        return;
      }
      this.waiting.set(n, { resolve, reject });
      this.socket.send(JSON.stringify({ ...request, n }));
    });
  }
}
