import express, { type Router } from 'express'
import { API_VERSION, findVersion, OLDEST_VERSION } from '../api-versions.ts'
import type { Timelines } from '../clock/timelines.ts'
import { fieldsOf } from '../http/body.ts'
import { isColor, type Settings } from '../settings.ts'
import type { Account } from '../state/account.ts'

/** `GET` and `PUT /_/settings`: what a real account sets in Stripe's Dashboard. */
export function settingsRoutes(account: Account, timelines: Timelines): Router {
  const router = express.Router()
  router.use('/_', express.json())
  router.get('/_/settings', (_request, response) => {
    response.json(account.settings)
  })
  router.put('/_/settings', (request, response) => {
    const read = readSettings(account.settings, fieldsOf(request))
    if (typeof read === 'string') {
      response.status(400).json({ error: { message: read } })
      return
    }
    account.settings = read
    // Due dates depend on the settings.
    timelines.plan()
    response.json(account.settings)
  })
  return router
}

const ARCHIVED_PRICES = ['refused', 'accepted'] as const
const TAX_CALCULATION = ['working', 'failing'] as const
const AFTER_RETRIES = ['cancel', 'mark_unpaid', 'leave_past_due'] as const

function readSettings(old: Settings, given: Record<string, unknown>): Settings | string {
  const unknown = Object.keys(given).find((key) => !(key in old))
  if (unknown !== undefined) return `Unknown setting: \`${unknown}\`.`
  const {
    retryAfterDays = old.retryAfterDays,
    afterRetries = old.afterRetries,
    afterDueDays = old.afterDueDays,
    portalPlanChanges = old.portalPlanChanges,
    archivedPricesInPhases = old.archivedPricesInPhases,
    liveModeIds = old.liveModeIds,
    merchantName = old.merchantName,
    merchantColor = old.merchantColor,
    taxCalculation = old.taxCalculation,
    apiVersion = old.apiVersion,
  } = given
  if (typeof portalPlanChanges !== 'boolean') return '`portalPlanChanges` must be true or false.'
  if (
    !Array.isArray(retryAfterDays) ||
    !retryAfterDays.every((days): days is number => typeof days === 'number' && days > 0)
  )
    return '`retryAfterDays` must be a list of numbers greater than 0.'
  const end = AFTER_RETRIES.find((choice) => choice === afterRetries)
  if (!end) return `\`afterRetries\` must be one of ${AFTER_RETRIES.join(', ')}.`
  if (!Array.isArray(liveModeIds) || !liveModeIds.every((id): id is string => typeof id === 'string'))
    return '`liveModeIds` must be a list of ids.'
  if (afterDueDays !== null && (typeof afterDueDays !== 'number' || afterDueDays < 0))
    return '`afterDueDays` must be a number of days, or null.'
  if (typeof merchantName !== 'string' || merchantName.trim() === '') return '`merchantName` must be a name.'
  if (merchantColor !== null && !isColor(merchantColor))
    return '`merchantColor` must be a color such as #0b6b57, or null.'
  const taxes = TAX_CALCULATION.find((choice) => choice === taxCalculation)
  if (!taxes) return `\`taxCalculation\` must be one of ${TAX_CALCULATION.join(', ')}.`
  const version = typeof apiVersion === 'string' ? findVersion(apiVersion) : undefined
  if (!version) return `\`apiVersion\` must be an API version from ${OLDEST_VERSION} to ${API_VERSION}.`
  const archived = ARCHIVED_PRICES.find((choice) => choice === archivedPricesInPhases)
  if (!archived) return `\`archivedPricesInPhases\` must be one of ${ARCHIVED_PRICES.join(', ')}.`
  const seconds = {
    finalizeAfter: old.finalizeAfter,
    incompleteExpiresAfter: old.incompleteExpiresAfter,
    trialWillEndBefore: old.trialWillEndBefore,
  }
  for (const key of ['finalizeAfter', 'incompleteExpiresAfter', 'trialWillEndBefore'] as const) {
    const value = given[key] ?? seconds[key]
    if (typeof value !== 'number' || value < 0) return `\`${key}\` must be a number of seconds, at least 0.`
    seconds[key] = value
  }
  return {
    retryAfterDays,
    afterRetries: end,
    afterDueDays,
    ...seconds,
    portalPlanChanges,
    archivedPricesInPhases: archived,
    liveModeIds,
    merchantName,
    merchantColor,
    apiVersion: version,
    taxCalculation: taxes,
  }
}
