package browsers
import "context"
func launchFirefox(ctx context.Context, path string) (driver, error) {panic("x")}
func launchWebKit(ctx context.Context, path, proxy string) (driver, error) {panic("x")}
