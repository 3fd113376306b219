import { useEffect, useRef, useState } from 'preact/hooks'

/** A button with what unfolds under it: gone on Escape, which gives the focus back, and on a press elsewhere. */
export function useMenu() {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return undefined
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false)
    }
    addEventListener('pointerdown', onPointer)
    return () => {
      removeEventListener('pointerdown', onPointer)
    }
  }, [open])
  return {
    root,
    open,
    toggle: () => {
      setOpen(!open)
    },
    close: () => {
      setOpen(false)
    },
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !open) return
      setOpen(false)
      root.current?.querySelector('button')?.focus()
    },
  }
}
