import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { api, queryClient, trpc } from '../../../api.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Moment } from '../../../parts/moment.tsx'
import { formatPrice } from '../../../words/price.ts'
import type { Tone } from '../../../words/tone.ts'
import { Act } from '../../kit/act.tsx'
import { Section } from '../../kit/detail.tsx'
import { t } from '../../texts/catalogue.ts'

export type Move = RouterOutputs['admin']['plans']['moves']['items'][number]

const words = t.money.moves
const LATEST = 5
/** How often the progress of an open move is read again, in milliseconds. */
export const REFRESH_MS = 3_000

const STATE_TONES: Record<Move['state'], Tone> = { listing: 'calm', moving: 'warning', done: 'good', stopped: 'calm' }

export const isOpen = ({ finishedAt }: Move): boolean => finishedAt === null

/** The latest moves of a plan's subscribers with their progress. Nothing, if there was none. */
export function MovesSection({ planId }: { planId: string }) {
  const { data } = useQuery({
    ...trpc.admin.plans.moves.queryOptions({ planId, limit: LATEST }),
    refetchInterval: ({ state }) => (state.data?.items.some(isOpen) ? REFRESH_MS : false),
  })
  // A move changes who subscribes to the plan.
  const open = data?.items.filter(isOpen).length ?? 0
  const wasOpen = useRef(open)
  useEffect(() => {
    if (open < wasOpen.current) void queryClient.invalidateQueries(trpc.admin.plans.pathFilter())
    wasOpen.current = open
  }, [open])
  if (!data || data.items.length === 0) return null
  return (
    <Section title={words.section}>
      <ul className="money-moves">
        {data.items.map((move) => (
          <li key={move.id}>
            <p>
              <Link to={`/admin/plan-moves/${move.id}`}>{moveTitle(move)}</Link>{' '}
              <span className="quiet">
                <Moment at={move.createdAt} />
              </span>
            </p>
            <MoveProgress move={move} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

export const moveTitle = ({ to, at, ...price }: Move): string => words.item(to.name, formatPrice(price), words.ats[at])

/** How far a move is, and the button that stops it. */
export function MoveProgress({ move }: { move: Move }) {
  const { id, state, done, refused, waiting } = move
  return (
    <div className="money-move">
      <Badge tone={STATE_TONES[state]} label={words.states[state]} />
      {isOpen(move) && (
        <progress aria-label={words.progress} value={done + refused} max={Math.max(1, done + refused + waiting)} />
      )}
      <span>{words.counts(done, refused, waiting)}</span>
      {isOpen(move) && (
        <Act
          open={words.stop}
          title={words.stopTitle}
          tone="bad"
          confirm={words.stopConfirm}
          done={words.stopped}
          consequences={() => [words.stopEffect(waiting), words.stopKeeps]}
          run={() => api.admin.plans.stopMove.mutate({ id })}
        />
      )}
    </div>
  )
}
