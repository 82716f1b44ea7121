package com.example.chat;

import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;

public final class ChatApp {
    public static void main(final String[] args) {
        App app = new App();
        new ChatStack(app, "Chat", StackProps.builder()
                .env(Environment.builder().account("123456789012").region("us-west-2").build())
                .build());
        app.synth();
    }
}
