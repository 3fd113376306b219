import { statfs } from 'node:fs/promises'

/** Bytes that this user may still write on the disk that holds `path`. Rejects as statfs(2) does where there is no such path. */
export async function freeBytesAt(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}
