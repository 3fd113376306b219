/** The user's two PBX packages ship no types. Only what ami-connection.ts and ari-connection.ts touch is declared. */
declare module 'asterisk-manager' {
  import type { EventEmitter } from 'node:events'

  interface AsteriskManager extends Pick<
    EventEmitter,
    'on' | 'once' | 'emit' | 'removeAllListeners' | 'listeners'
  > {
    options: { username: string; password: string; events: boolean }
    connect(port: number, host: string, onConnect?: () => void): void
    login(callback: (error?: unknown) => void): void
    /** Writes the action; the callback never comes when the connection dies first. */
    action(fields: Record<string, unknown>, callback?: (error: unknown, response: unknown) => void): string
    disconnect(callback?: () => void): void
  }
  function createManager(
    port?: number | null,
    host?: string,
    username?: string,
    password?: string,
    events?: boolean,
  ): AsteriskManager
  export default createManager
}

declare module 'ari-client' {
  import type { EventEmitter } from 'node:events'
  import type { WebSocket } from 'ws'

  interface AriPackageClient extends EventEmitter {
    _connection: { protocol: string; host: string; user: string; pass: string }
    _ws?: WebSocket
    _wsClosed?: boolean
    start(apps: string | string[]): Promise<void>
    stop(): void
  }
  const ari: {
    connect(url: string, user: string, password: string): Promise<AriPackageClient>
  }
  export default ari
}
