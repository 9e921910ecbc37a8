"use client";

import { useCallback, useEffect, useRef, useState, type RefObject } from "react";

/** asking: the browser's own question is open. The others say why there is no picture. */
export type CameraState = "asking" | "live" | "refused" | "none" | "busy" | "insecure";

/** Frames are read this often: a frame takes about 10 ms, the rest is left to the phone. */
const READ_EVERY_MS = 120;
/** The longest side that is read; more pixels cost time and find no more codes. */
const READ_SIDE_MAX = 900;

/** TypeScript does not know the torch yet, and Firefox has no capabilities at all. */
function canLight(track: MediaStreamTrack | undefined): boolean {
  const capabilities: object = track && "getCapabilities" in track ? track.getCapabilities() : {};
  return "torch" in capabilities && capabilities.torch === true;
}

/**
 * The rear camera in a video element, read for QR codes until `onText` has heard one. Stops while the page is hidden, starts again when
 * it is seen, and lets go of the camera when it goes away.
 */
export function useCamera(video: RefObject<HTMLVideoElement | null>, onText: (text: string) => void) {
  const [state, setState] = useState<CameraState>("asking");
  const [hasTorch, setHasTorch] = useState(false);
  const [isTorchOn, setTorchOn] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const track = useRef<MediaStreamTrack>(undefined);
  const hear = useRef(onText);
  useEffect(() => {
    hear.current = onText;
  }, [onText]);

  useEffect(() => {
    let isStopped = false;
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function start() {
      if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return setState("insecure");
      setState("asking");
      try {
        const [opened, { decodeQR }] = await Promise.all([
          navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false }),
          import("qr/decode.js"),
        ]);
        stream = opened;
        const player = video.current;
        if (isStopped || !player) return stop();
        track.current = opened.getVideoTracks()[0];
        setHasTorch(canLight(track.current));
        player.srcObject = opened;
        await player.play();
        if (isStopped) return stop();
        setState("live");
        const reader = frameReader(player, decodeQR);
        const read = () => {
          if (isStopped) return;
          const text = reader();
          if (text !== null) hear.current(text);
          timer = setTimeout(read, READ_EVERY_MS);
        };
        read();
      } catch (error) {
        stop();
        if (!isStopped) setState(stateOfFailure(error));
      }
    }
    function stop() {
      clearTimeout(timer);
      stream?.getTracks().forEach((own) => own.stop());
      stream = undefined;
      track.current = undefined;
    }
    const seen = () => {
      if (document.visibilityState === "hidden") stop();
      else if (!stream) void start();
    };

    void start();
    document.addEventListener("visibilitychange", seen);
    return () => {
      isStopped = true;
      document.removeEventListener("visibilitychange", seen);
      stop();
    };
  }, [video, attempt]);

  const toggleTorch = useCallback(async () => {
    const wanted = !isTorchOn;
    await track.current?.applyConstraints({ advanced: [{ torch: wanted } as MediaTrackConstraintSet] }).then(
      () => setTorchOn(wanted),
      () => setHasTorch(false),
    );
  }, [isTorchOn]);

  return { state, retry: useCallback(() => setAttempt((count) => count + 1), []), torch: hasTorch ? { isOn: isTorchOn, toggle: toggleTorch } : null };
}

function stateOfFailure(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "none";
}

type Decode = (image: { width: number; height: number; data: Uint8ClampedArray }) => string;

/** Draws one frame, scaled down, and reads it. Null when there is no code in it. */
function frameReader(player: HTMLVideoElement, decode: Decode): () => string | null {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return () => {
    if (!context || player.readyState < player.HAVE_CURRENT_DATA) return null;
    return readPixels(context, player, player.videoWidth, player.videoHeight, decode);
  };
}

/** The QR code in a photo that the person chose, or null. */
export async function readPhoto(file: File): Promise<string | null> {
  const [bitmap, { decodeQR }] = await Promise.all([createImageBitmap(file), import("qr/decode.js")]);
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const text = context && readPixels(context, bitmap, bitmap.width, bitmap.height, decodeQR);
  bitmap.close();
  return text;
}

function readPixels(context: CanvasRenderingContext2D, source: CanvasImageSource, sourceWidth: number, sourceHeight: number, decode: Decode): string | null {
  const scale = Math.min(1, READ_SIDE_MAX / Math.max(sourceWidth, sourceHeight, 1));
  const width = Math.round(sourceWidth * scale);
  const height = Math.round(sourceHeight * scale);
  if (width === 0 || height === 0) return null;
  context.canvas.width = width;
  context.canvas.height = height;
  context.drawImage(source, 0, 0, width, height);
  try {
    return decode({ width, height, data: context.getImageData(0, 0, width, height).data });
  } catch {
    return null;
  }
}
