/** The user's two PBX packages ship no types. Declared is only what ami-connection.ts and ari-package.ts touch. */
declare module 'asterisk-manager' {
  import type { EventEmitter } from 'node:events'
  import type { NetConnectOpts } from 'node:net'

  namespace createManager {
    interface AsteriskManager extends Pick<EventEmitter, 'on' | 'emit' | 'removeAllListeners'> {
      readonly options: { username: string; password: string }
      /** Hands its first two arguments to `net.createConnection`, which takes options in place of a port. */
      connect(options: NetConnectOpts & { signal: AbortSignal }, host: undefined, onConnect: () => void): void
      /** Calls back when 'rawevent' brings the response to its action, never when the connection ends first. */
      login(callback: (error?: unknown) => void): void
      /** Writes the action, headers sorted, and listens for its id without end. */
      action(fields: Record<string, string>): string
    }
  }

  /** Without a port it does not connect by itself. */
  function createManager(): createManager.AsteriskManager
  export = createManager
}

declare module 'ari-client' {
  import type { WebSocket } from 'ws'

  export interface AriPackageClient {
    readonly _connection: { host: string; user: string; pass: string }
    readonly _ws?: WebSocket
    /** Makes the event socket at once; the promise settles through the package's own listeners on it. */
    start(app: string): Promise<void>
  }
  /** Reads the PBX's API description. */
  export function connect(url: string, user: string, secret: string): Promise<AriPackageClient>
}
