/** What we use of asterisk-manager 0.2.0, which has no types. */
declare module 'asterisk-manager' {
  type Callback = (error: unknown, response?: unknown) => void

  interface Manager {
    on(name: string, listener: (...args: unknown[]) => void): void
    emit(name: string, ...args: unknown[]): boolean
    removeAllListeners(name?: string): void
    connect(port: number, host: string, onConnect: () => void): void
    login(callback: Callback): void
    /** Writes the action, sorted, with the id given; calls back when that id is emitted. */
    action(action: Record<string, unknown>, callback: Callback): string
  }

  interface ManagerConstructor {
    /** Without a port it does not connect by itself. */
    new (port: undefined, host: string, user: string, secret: string, events: boolean): Manager
  }

  const Manager: ManagerConstructor
  export = Manager
}
