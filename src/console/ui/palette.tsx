import { useEffect, useState } from 'preact/hooks'
import type { TicketRow } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { navigate } from '../state/route.ts'
import { overlay } from '../state/shortcuts.ts'
import { phoneActions } from '../softphone/phone-machine.ts'
import { Dialog } from './dialog.tsx'
import { dialable, fold } from './format.ts'

interface Hit {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly run: () => void
}

const MOST_UNITS = 5
const MOST_TICKETS = 8

/** Ctrl+K: a case by its code or words, a number to call, a unit, a page. */
export function Palette({
  pages,
}: {
  readonly pages: readonly { readonly path: string; readonly label: string }[]
}) {
  const desk = useConsole()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const [tickets, setTickets] = useState<readonly TicketRow[]>([])
  const wanted = text.trim()
  useEffect(() => {
    let current = true
    if (wanted.length < 2) {
      setTickets([])
      return undefined
    }
    const timer = setTimeout(() => {
      desk.api.tickets({ q: wanted, limit: MOST_TICKETS }).then(
        (page) => {
          if (current) setTickets(page.items)
        },
        () => {
          if (current) setTickets([])
        }, // the banner tells of a lost network; here there is just nothing
      )
    }, 120)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [wanted])

  const close = (): void => {
    overlay.value = 'none'
  }
  const hits: Hit[] = [
    ...tickets.map((row) => ({
      id: row.code,
      label: `${row.code} · ${row.title === '' ? t('ticket.noTitle') : row.title}`,
      hint: [row.reporterName, row.phoneDisplay].filter((part) => part !== '').join(' · '),
      run: () => {
        navigate(`/tickets/${row.code}`)
      },
    })),
    ...numberHits(wanted),
    ...unitHits(wanted),
    ...pages
      .filter((page) => fold(page.label).includes(fold(wanted)))
      .map((page) => ({
        id: page.path,
        label: page.label,
        hint: t('palette.page'),
        run: () => {
          navigate(page.path)
        },
      })),
  ]

  function numberHits(query: string): Hit[] {
    const digits = dialable(query)
    const phone = desk.phone.value?.state.value
    if (digits.length < 3 || digits.length < query.replace(/\s/g, '').length - 2) return []
    if (phone === undefined || !phoneActions(phone).includes('dial')) return []
    return [
      {
        id: 'dial',
        label: t('palette.call', { number: query }),
        hint: t('palette.callHint'),
        run: () => {
          navigate('/')
          desk.dial(digits, null)
        },
      },
    ]
  }

  function unitHits(query: string): Hit[] {
    if (query === '') return []
    return (desk.directory.value?.units ?? [])
      .filter((unit) => fold(unit.name).includes(fold(query)))
      .slice(0, MOST_UNITS)
      .map((unit) => ({
        id: unit.id,
        label: unit.name,
        hint:
          unit.dutyPhone === null ? t('palette.unit') : t('palette.unitPhone', { number: unit.dutyPhone }),
        run: () => {
          if (unit.dutyPhone !== null)
            desk.dial(dialable(unit.dutyPhone), desk.editor.value?.ticket.value?.code ?? null)
        },
      }))
  }

  const choose = (hit: Hit | undefined): void => {
    if (hit === undefined) return
    close()
    hit.run()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    if (event.key === 'ArrowDown') setActive(Math.min(hits.length - 1, active + 1))
    else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1))
    else if (event.key === 'Enter') choose(hits[active])
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={t('palette.title')} onClose={close} bare>
      <div class="palette">
        <input
          type="text"
          role="combobox"
          class="palette-input"
          aria-label={t('palette.title')}
          aria-expanded={hits.length > 0}
          aria-controls="palette-list"
          aria-activedescendant={hits.length > 0 ? `palette-${String(active)}` : undefined}
          autocomplete="off"
          placeholder={t('palette.hint')}
          value={text}
          autoFocus
          onInput={(event) => {
            setText(event.currentTarget.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
        <ul id="palette-list" role="listbox" aria-label={t('palette.results')} class="palette-list">
          {hits.map((hit, index) => (
            <li
              key={hit.id}
              id={`palette-${String(index)}`}
              role="option"
              aria-selected={index === active}
              class={index === active ? 'active' : undefined}
              onClick={() => {
                choose(hit)
              }}
            >
              <span>{hit.label}</span>
              <small>{hit.hint}</small>
            </li>
          ))}
        </ul>
        {wanted !== '' && hits.length === 0 && (
          <p class="quiet palette-none" role="status">
            {t('combobox.nothing')}
          </p>
        )}
      </div>
    </Dialog>
  )
}
