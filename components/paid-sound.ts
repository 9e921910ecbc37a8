/** The two notes of Paid, made by the browser: no file to load, the same on every till. */
const NOTES = [
  { hertz: 783.99, startsAt: 0, lasts: 0.16 },
  { hertz: 1174.66, startsAt: 0.13, lasts: 0.34 },
] as const;
const VOLUME = 0.35;

let context: AudioContext | undefined;

/** Call it inside a tap once: browsers keep sound off until then. Resolves to whether sound is on. */
export async function unlockSound(): Promise<boolean> {
  context ??= new AudioContext();
  await context.resume();
  return context.state === "running";
}

/** True when a note would be heard. */
export const isSoundOn = (): boolean => context?.state === "running";

/** Plays the two notes; silent and harmless when sound is still locked. */
export async function playPaidSound(): Promise<void> {
  if (!context || context.state !== "running") return;
  const start = context.currentTime + 0.02;
  for (const { hertz, startsAt, lasts } of NOTES) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.type = "triangle";
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start + startsAt);
    gain.gain.linearRampToValueAtTime(VOLUME, start + startsAt + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.001, start + startsAt + lasts);
    tone.connect(gain).connect(context.destination);
    tone.start(start + startsAt);
    tone.stop(start + startsAt + lasts);
  }
}
