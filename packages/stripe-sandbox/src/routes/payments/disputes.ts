import { emitUpdated } from '../../events/emit.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { boolean, clearable, hash, isWithin, mergeMetadata, metadata, string, timeRange } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { closeDispute, isClosed, isInquiry } from '../../payments/disputes.ts'
import { EVIDENCE_FIELDS, serializeDispute } from '../../resources/charge.ts'
import { inPath } from '../lookup.ts'

const EVIDENCE = hash(Object.fromEntries(EVIDENCE_FIELDS.map((field) => [field, clearable(string({ max: 20_000 }))])))
const UPDATE = hash({ evidence: EVIDENCE, metadata: metadata(), submit: boolean() })
const LIST = hash({ ...PAGE, charge: string(), created: timeRange(), payment_intent: string() })

export const disputeRoutes = [
  route('GET', '/disputes/:id', hash({}), ({ account, id }) =>
    serializeDispute(account, inPath(account.disputes, id, 'dispute')),
  ),
  route('POST', '/disputes/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.disputes, id, 'dispute')
    if (isClosed(old)) throw invalidRequest('This dispute is already closed.')
    const evidence = mergeMetadata(
      old.evidence,
      Object.fromEntries(Object.entries(params.evidence ?? {}).map(([field, text]) => [field, text ?? null])),
    )
    const has_evidence = Object.keys(evidence).length > 0
    const submitted = has_evidence && (params.submit ?? true)
    const row = account.disputes.patch(id, {
      evidence,
      has_evidence,
      submitted,
      status: submitted ? (isInquiry(old) ? 'warning_under_review' : 'under_review') : old.status,
      metadata: mergeMetadata(old.metadata, params.metadata),
    })
    emitUpdated(account, 'charge.dispute.updated', serializeDispute(account, old), serializeDispute(account, row))
    // These test texts decide the dispute immediately: https://docs.stripe.com/testing#disputes
    const verdict = { winning_evidence: 'won', losing_evidence: 'lost' } as const
    const text = evidence['uncategorized_text']
    if (submitted && (text === 'winning_evidence' || text === 'losing_evidence'))
      return serializeDispute(account, closeDispute(account, id, verdict[text]))
    return serializeDispute(account, row)
  }),
  route('POST', '/disputes/:id/close', hash({}), ({ account, id }) => {
    const old = inPath(account.disputes, id, 'dispute')
    if (isClosed(old)) throw invalidRequest('This dispute is already closed.')
    return serializeDispute(account, closeDispute(account, id, 'lost'))
  }),
  route('GET', '/disputes', LIST, ({ account, params }) => {
    const rows = (
      params.charge === undefined ? account.disputes.all() : account.disputes.by('charge', params.charge)
    ).filter(
      (row) =>
        isWithin(row.created, params.created) &&
        (!params.payment_intent || row.payment_intent === params.payment_intent),
    )
    return page('/v1/disputes', rows, params, (row) => serializeDispute(account, row))
  }),
]
