/** How good the news is: decides the color of badges and notices. */
export type Tone = 'good' | 'calm' | 'warning' | 'bad'
