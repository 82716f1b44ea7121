import { useEffect, useRef, useState } from 'react';
import { playStream, type StreamState } from './play-stream';

const TEXTS: { readonly [state in StreamState]: readonly [title: string, explanation?: string] } = {
  live: ['Live'],
  loading: ['Loading the video', 'One moment, please.'],
  offline: ['Nothing is live', 'The video starts here when the stream begins. The chat is open.'],
  unsupported: ['This browser cannot play the video', 'The chat works. Try a current browser for the video.'],
  failed: ['The video player did not load', 'Check your connection, and load the page again. The chat is open.'],
};

/** The live video. It begins without sound, because browsers block sound until the user interacts with the page. */
export function Video({ playbackUrl }: { playbackUrl: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<StreamState>('loading');
  useEffect(() => playStream(video.current!, playbackUrl, setState), [playbackUrl]);

  const [title, explanation] = TEXTS[state];
  return (
    <section className={`video ${state}`} aria-label="Video">
      <video ref={video} muted playsInline controls={state === 'live'} />
      <div className="state" role="status"><h1>{title}</h1>{explanation && <p>{explanation}</p>}</div>
    </section>
  );
}
