import { useAccount } from '../../accounts/use-account.ts'
import { describeTrial, type Trial } from '../../words/trial.ts'

/** For whom a plan's free trial is, or that this account has had its own. Nothing for an account that gets it. */
export function TrialNote({ trial }: { trial: Trial }) {
  const note = describeTrial(trial, useAccount())
  return note && <p className="quiet">{note}</p>
}
