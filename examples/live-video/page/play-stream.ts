/** @see https://docs.aws.amazon.com/ivs/latest/LowLatencyUserGuide/web-getting-started.html */
const PLAYER = 'https://player.live-video.net/1.55.0/amazon-ivs-player.min.js';
const RETRY_MILLISECONDS = 10_000;

export type StreamState = 'loading' | 'live' | 'offline' | 'unsupported' | 'failed';

/** The part of the Amazon IVS player that this page uses. The npm package `amazon-ivs-player` has all types. */
interface Player {
  attachHTMLVideoElement(video: HTMLVideoElement): void;
  setAutoplay(enabled: boolean): void;
  load(url: string): void;
  delete(): void;
  addEventListener(event: string, listener: () => void): void;
}
declare const IVSPlayer: {
  readonly isPlayerSupported: boolean;
  readonly PlayerState: { readonly PLAYING: string; readonly ENDED: string };
  readonly PlayerEventType: { readonly ERROR: string };
  create(): Player;
};

/**
 * Plays a stream when it is live, and tries again while it is not. Returns a function that stops it.
 *
 * Browsers that the Amazon IVS player does not support play the stream with a higher latency, if they support HLS.
 */
export function playStream(
  video: HTMLVideoElement, url: string, onState: (state: StreamState) => void,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let retry: ReturnType<typeof setTimeout>;
  let player: Player | undefined;

  function isLive() {
    clearTimeout(retry);
    onState('live');
  }
  function isOffline() {
    onState('offline');
    clearTimeout(retry);
    retry = setTimeout(load, RETRY_MILLISECONDS);
  }
  function load() {
    if (player) player.load(url);
    else video.src = url;
  }

  loadPlayer().then(() => {
    if (signal.aborted) return;
    if (IVSPlayer.isPlayerSupported) {
      player = IVSPlayer.create();
      player.attachHTMLVideoElement(video);
      player.setAutoplay(true);
      player.addEventListener(IVSPlayer.PlayerState.PLAYING, isLive);
      player.addEventListener(IVSPlayer.PlayerState.ENDED, isOffline);
      player.addEventListener(IVSPlayer.PlayerEventType.ERROR, isOffline);
    } else if (video.canPlayType('application/vnd.apple.mpegurl')) {
      video.autoplay = true;
      video.addEventListener('playing', isLive, { signal });
      video.addEventListener('ended', isOffline, { signal });
      video.addEventListener('error', isOffline, { signal });
    } else {
      onState('unsupported');
      return;
    }
    load();
  }, () => onState('failed'));

  return () => {
    stopping.abort();
    clearTimeout(retry);
    player?.delete();
  };
}

/** Loads the player once. It is larger than the rest of the page. */
let loading: Promise<void> | undefined;
function loadPlayer(): Promise<void> {
  return loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { src: PLAYER, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}
