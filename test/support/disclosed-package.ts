import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'

/** Writes a package's files below `folder`; answers the folder they are in. */
export function unpack(zip: Buffer, folder: string): string {
  let top = ''
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
    top = name.split('/')[0] ?? ''
  }
  return join(folder, top)
}

/** Runs the commands that stand in the package's own instruction, as somebody would who has only that. */
export function checkPackage(place: string): Record<'signature' | 'files' | 'head' | 'chain', boolean> {
  const guide = readFileSync(join(place, 'HUONG-DAN.txt'), 'utf8').split('-----')[0] ?? ''
  const commands = ['1.', '2.', '3.', '4.'].map((step) => {
    const lines = guide.split('\n')
    const from = lines.findIndex((line) => line.startsWith(step)) + 1
    const to = lines.findIndex((line, index) => index >= from && line === '')
    return lines.slice(from, to).join('\n')
  })
  const said = commands.map((command) => {
    const { status, stdout } = spawnSync('sh', ['-c', command], { cwd: place, encoding: 'utf8' })
    return status === 0 ? stdout : ''
  })
  const [signature = '', files = '', head = '', chain = ''] = said
  return {
    signature: signature.includes('Signature Verified Successfully'),
    files: /am-thanh\.(wav|opus): OK/.test(files) && !files.includes('FAILED'),
    head: head.includes('Signature Verified Successfully'),
    chain: chain.includes('CHUOI DUNG'),
  }
}
