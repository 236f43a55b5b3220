import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Wire extends AsyncDisposable {
  readonly port: number
}

/** One connection, with both of its ends. */
export interface Line {
  readonly client: Socket
  readonly server: Socket
  cut(): void
}

/** Listens for TCP connections and connects each to the target. `join` decides what it passes on. */
export async function startWire(target: { host: string; port: number }, join: (line: Line) => void): Promise<Wire> {
  const lines = new Set<Line>()
  const listener = createServer((client) => {
    const server = connect(target.port, target.host)
    const line = {
      client,
      server,
      cut() {
        client.destroy()
        server.destroy()
        lines.delete(line)
      },
    }
    lines.add(line)
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', line.cut)
      socket.on('close', line.cut)
    }
    join(line)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const line of lines) line.cut()
      listener.close()
      await once(listener, 'close')
    },
  }
}

/** Calls the listener with every chunk that arrives. */
export function onData(socket: Socket, listener: (chunk: Buffer) => void): void {
  socket.on('data', (chunk) => listener(typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
}
