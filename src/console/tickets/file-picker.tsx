import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Attachment } from '../../tickets/contract.ts'
import { codeOf } from '../api.ts'
import { t } from '../i18n/translate.ts'
import { errorText } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { size } from '../ui/format.ts'

/** A file that was not taken, and why. */
interface Refusal {
  readonly name: string
  readonly code: string
}

/** A button that chooses files and sends them one after the other; one that is refused says why and keeps none of the others back. */
export function FilePicker(props: {
  readonly label: string
  readonly send: (file: File) => Promise<void>
  /** Told when files are on their way, and when they have arrived. */
  readonly onSending?: (isSending: boolean) => void
}) {
  const picker = useRef<HTMLInputElement>(null)
  const [sending, setSending] = useState<string | null>(null)
  const [refused, setRefused] = useState<readonly Refusal[]>([])
  const add = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return
    const failed: Refusal[] = []
    setRefused([])
    props.onSending?.(true)
    for (const file of files) {
      setSending(file.name)
      try {
        await props.send(file)
      } catch (cause) {
        failed.push({ name: file.name, code: codeOf(cause) })
        setRefused([...failed])
      }
    }
    setSending(null)
    props.onSending?.(false)
  }
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        class="hidden"
        tabIndex={-1}
        aria-label={props.label}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          event.currentTarget.value = ''
          void add(files)
        }}
      />
      <Button
        small
        icon="clip"
        busy={sending !== null}
        onClick={() => {
          picker.current?.click()
        }}
      >
        {sending === null ? props.label : t('attachment.sending', { name: sending })}
      </Button>
      {refused.length > 0 && (
        <ul class="problem" role="alert">
          {refused.map(({ name, code }) => (
            <li key={name}>{t('attachment.refused', { name, why: errorText(code) })}</li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Files by their names, to open; `after` comes behind each. */
export function FileList(props: {
  readonly code: string
  readonly files: readonly {
    readonly id: number
    readonly name: string
    readonly sizeBytes?: number
    readonly signature?: Attachment['signature']
  }[]
  readonly after?: (file: { readonly id: number; readonly name: string }) => ComponentChildren
}) {
  if (props.files.length === 0) return null
  return (
    <ul class="attachment-list">
      {props.files.map(({ id, name, sizeBytes, signature = null }) => (
        <li key={id}>
          <a href={`/api/tickets/${props.code}/attachments/${String(id)}`} target="_blank" rel="noreferrer">
            {name}
          </a>
          {sizeBytes !== undefined && <span class="quiet"> {size(sizeBytes)}</span>}
          {signature !== null && <span class="quiet"> · {t(`signature.${signature}`)}</span>}
          {props.after?.({ id, name })}
        </li>
      ))}
    </ul>
  )
}
