/* The least program, which depends on nothing: what others have more is theirs. */
int main(void) {
    return 0;
}
